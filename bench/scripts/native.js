(function() { let s = 0; for (let i = 0; i < 2000000; i++) s = next(s); return s; })()
