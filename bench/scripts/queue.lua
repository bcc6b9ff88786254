local q, n = {}, 0
local sum = 0
for i = 0, 599999 do
  q[#q + 1] = i
  q[#q + 1] = i * 2
  sum = sum + table.remove(q)
  if #q > 500 then while #q > 10 do sum = sum + table.remove(q) % 3 end end
end
return sum
