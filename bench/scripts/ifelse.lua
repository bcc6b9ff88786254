local s = 0
for i = 0, 4999999 do
  local x = i % 6
  if x == 0 then s = s + 1 elseif x == 1 then s = s + 2 elseif x == 2 then s = s + 3 elseif x == 3 then s = s + 4 else s = s + 5 end
end
return s
