local function make(d)
  if d == 0 then return {} end
  return { left = make(d - 1), right = make(d - 1) }
end
local function check(t)
  if t.left == nil then return 1 end
  return 1 + check(t.left) + check(t.right)
end
local sum = 0
for i = 1, 10 do sum = sum + check(make(13)) end
return sum
