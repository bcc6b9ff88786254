(function() {
  function matrix(n) { const m = []; for (let i = 0; i < n; i++) { const row = []; for (let j = 0; j < n; j++) row.push((i + j) / 10.0); m.push(row); } return m; }
  const n = 100, a = matrix(n), b = a, c = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) { let s = 0.0; for (let k = 0; k < n; k++) s += a[i][k] * b[k][j]; row.push(s); }
    c.push(row);
  }
  return c[99][99];
})()
