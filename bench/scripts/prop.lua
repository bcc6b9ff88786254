local m = { a = 0, b = 1 }
for i = 1, 2000000 do m.a = m.a + m.b end
return m.a
