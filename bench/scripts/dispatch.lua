local ops = {
  add = function(a, b) return a + b end,
  sub = function(a, b) return a - b end,
  mul = function(a, b) return math.fmod(a * b, 1000) end,
  max = function(a, b) if a > b then return a else return b end end,
}
local names = { "add", "sub", "mul", "max" }
local acc = 1
for i = 0, 399999 do
  local f = ops[names[i % 4 + 1]]
  acc = math.fmod(f(acc, i), 10007)
end
return acc
