local k = 3
local f = function(x) return x + k end
local s = 0
for i = 1, 1000000 do s = f(s) end
return s
