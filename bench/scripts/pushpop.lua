local a = {}
local s = 0
for i = 0, 999999 do
  a[#a + 1] = i
  if #a > 100 then s = s + table.remove(a); table.remove(a) end
end
return s
