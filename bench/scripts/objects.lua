local o = { n = 0, step = 3 }
function o.inc(self, by) self.n = self.n + by * self.step return self.n end
function o.get(self) return self.n end
local last = 0
for i = 0, 299999 do
  o:inc(i % 5)
  last = o:get()
end
return last
