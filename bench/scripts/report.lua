local parts = {}
for i = 0, 39999 do
  parts[#parts + 1] = "item " .. i .. ": " .. (i * 3) .. " of " .. (i % 17) .. "."
end
return #table.concat(parts)
