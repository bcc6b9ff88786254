local words = { "the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog" }
local counts = {}
for i = 0, 499999 do local w = words[i % 8 + 1]; counts[w] = (counts[w] or 0) + 1 end
return counts["fox"]
