local function score(o)
  if o.country == "DE" and o.total > 100.0 then o.score = o.score + 10 end
  if o.age < 25 then o.score = o.score - 5 end
  if o.items > 3 then o.score = o.score + o.items end
  return o
end
local function discount(o)
  if o.score > 8 then o.total = o.total * 0.9 elseif o.score > 4 then o.total = o.total * 0.95 end
  return o
end
local function ship(o)
  if o.total > 150.0 then o.shipping = 0.0 else o.shipping = 4.9 end
  o.total = o.total + o.shipping
  return o
end
local countries = { "DE", "FR", "IT", "ES" }
local sum = 0.0
for i = 0, 59999 do
  local o = { id = i, country = countries[i % 4 + 1], age = 18 + i % 50, items = i % 7, total = 60.0 + i % 200, score = 0 }
  o = score(o)
  o = discount(o)
  o = ship(o)
  sum = sum + o.total
end
return math.floor(sum + 0.5)
