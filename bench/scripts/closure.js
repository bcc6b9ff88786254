(function() { const k = 3; const f = x => x + k; let s = 0; for (let i = 0; i < 1000000; i++) s = f(s); return s; })()
