local x = 0.5
for i = 1, 2000000 do x = x * 3.7 * (1.0 - x) end
return x > 0.0 and x < 1.0
