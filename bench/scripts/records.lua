local orders = {}
for i = 0, 2999 do
  orders[#orders + 1] = { customer = "c" .. (i % 50), amount = (i * 37) % 500, lines = { { sku = i % 11, n = i % 4 }, { sku = i % 7, n = 1 } } }
end
local totals, skus = {}, {}
for round = 1, 8 do
  for _, o in ipairs(orders) do
    if o.amount >= 50 then
      totals[o.customer] = (totals[o.customer] or 0) + o.amount
      for _, l in ipairs(o.lines) do local k = "s" .. l.sku; skus[k] = (skus[k] or 0) + l.n end
    end
  end
end
local best = 0
for _, t in pairs(totals) do if t > best then best = t end end
return best * 1000 + skus["s3"]
