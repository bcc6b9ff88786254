local x = 0
while x < 10000000 do x = x + 1 end
return x
