local a = {}
local x = 42
for i = 1, 400 do x = x * 1103515 % 2147483; a[i] = x end
local n = #a
for i = 0, n - 1 do
  local j = 1
  while j < n - i do
    if a[j] > a[j + 1] then
      local t = a[j]
      a[j] = a[j + 1]
      a[j + 1] = t
    end
    j = j + 1
  end
end
return a[1] * 7 + a[n]
