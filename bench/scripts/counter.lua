local function counter()
  local n = 0
  return function() n = n + 1 return n end
end
local sum = 0
for k = 1, 2000 do
  local c = counter()
  for i = 1, 100 do sum = sum + c() end
end
return sum
