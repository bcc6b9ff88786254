local s = 0
for i = 1, 2000000 do s = next_(s) end
return s
