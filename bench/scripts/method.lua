local obj = { count = 0 }
function obj:inc(n) self.count = self.count + n end
for i = 1, 1000000 do obj:inc(2) end
return obj.count
