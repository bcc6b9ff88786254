(function() { const m = { a: 0, b: 1 }; for (let i = 0; i < 2000000; i++) m.a += m.b; return m.a; })()
