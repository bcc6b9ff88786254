local t = {}
for i = 1, 200000 do t[#t + 1] = "ab" end
return #table.concat(t)
