local s = 0
for i = 0, 4999999 do
  local k = i % 10
  if k == 0 then s = s + 0 elseif k == 1 then s = s + 1 elseif k == 2 then s = s + 2 elseif k == 3 then s = s + 3
  elseif k == 4 then s = s + 4 elseif k == 5 then s = s + 5 elseif k == 6 then s = s + 6 elseif k == 7 then s = s + 7
  elseif k == 8 then s = s + 8 else s = s + 9 end
end
return s
