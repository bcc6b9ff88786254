local function map(a, f) local r = {} for i = 1, #a do r[i] = f(a[i]) end return r end
local function filter(a, f) local r = {} for i = 1, #a do if f(a[i]) then r[#r + 1] = a[i] end end return r end
local function reduce(a, f, s) for i = 1, #a do s = f(s, a[i]) end return s end
local a = {}
for i = 0, 999 do a[i + 1] = i end
local sum = 0
for round = 0, 199 do
  local m = map(a, function(x) return x * 3 + round end)
  local e = filter(m, function(x) return x % 2 == 0 end)
  sum = sum + reduce(e, function(s, x) return s + x end, 0)
end
return sum
