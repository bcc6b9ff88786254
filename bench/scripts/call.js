(function() { function add(a, b) { return a + b; } let s = 0; for (let i = 0; i < 1000000; i++) s = add(s, i); return s; })()
