local function risky(i)
  if i % 3 == 0 then error({ value = i }, 0) end
  return i
end
local caught = 0
for i = 0, 199999 do
  local ok, e = pcall(risky, i)
  if ok then caught = caught + e % 2 else caught = caught + e.value % 7 end
end
return caught
