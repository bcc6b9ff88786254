local a = { 0, 1, 2, 3, 4, 5, 6, 7 }
local c = { 0, 0, 0, 0, 0, 0, 0, 0 }
local n = 8
local count, sum, i = 1, 0, 0
while i < n do
  if c[i + 1] < i then
    local k = 0
    if i % 2 ~= 0 then k = c[i + 1] end
    local t = a[k + 1]
    a[k + 1] = a[i + 1]
    a[i + 1] = t
    count = count + 1
    sum = sum + a[1] * a[8]
    c[i + 1] = c[i + 1] + 1
    i = 0
  else
    c[i + 1] = 0
    i = i + 1
  end
end
return count * 1000000 + sum
