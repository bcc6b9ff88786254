local s = 0
for i = 0, 4999999 do s = s + i end
return s
