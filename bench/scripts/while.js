(function() { let x = 0; while (x < 10000000) { x += 1; } return x; })()
