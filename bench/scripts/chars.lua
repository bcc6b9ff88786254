local parts = {}
for i = 1, 4000 do parts[i] = "The quick brown fox jumps over the lazy dog. " end
local text = table.concat(parts)
local vowels, blanks = 0, 0
for c in string.gmatch(text, ".") do
  if c == "a" or c == "e" or c == "i" or c == "o" or c == "u" then vowels = vowels + 1 end
  if c == " " then blanks = blanks + 1 end
end
return vowels * 100000 + blanks
