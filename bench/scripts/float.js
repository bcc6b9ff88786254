(function() { let x = 0.5; for (let i = 0; i < 2000000; i++) x = x * 3.7 * (1.0 - x); return x > 0.0 && x < 1.0; })()
