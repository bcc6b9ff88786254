(function() { const g = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; let s = 0; for (let i = 0; i < 1000000; i++) { g[i % 3][1] += 1; s += g[i % 3][2]; } return s + g[0][1]; })()
