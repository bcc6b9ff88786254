package decimal

// examples are scripts with their results in debug form, by name and parameters.
var examples = map[string]string{
	"-(x: decimal)":       `-parse_decimal("1.50") // -1.50`,
	"+(x: decimal)":       `+parse_decimal("1.50") // 1.50`,
	"abs(x: decimal)":     `parse_decimal("-1.5").abs() // 1.5`,
	"sign(x: decimal)":    `parse_decimal("-1.5").sign() // -1`,
	"is_zero(x: decimal)": `parse_decimal("0.00").is_zero() // true`, "get$is_zero(x: decimal)": `parse_decimal("0.01").is_zero // false`,

	"sin(x: decimal)":  `parse_decimal("0.5").sin() // 0.4794255386042030002732879352`,
	"cos(x: decimal)":  `parse_decimal("0.5").cos() // 0.8775825618903727161162815826`,
	"tan(x: decimal)":  `parse_decimal("0.5").tan() // 0.5463024898437905132551794658`,
	"sqrt(x: decimal)": `parse_decimal("2.25").sqrt() // 1.5`,
	"exp(x: decimal)":  `parse_decimal("1").exp() // 2.7182818284590452353602874714`,
	"ln(x: decimal)":   `parse_decimal("10").ln() // 2.3025850929940456840179914547`,
	"log(x: decimal)":  `parse_decimal("0.001").log() // -3`,

	"floor(x: decimal)": `parse_decimal("-1.5").floor() // -2`, "get$floor(x: decimal)": `parse_decimal("1.5").floor // 1`,
	"ceiling(x: decimal)": `parse_decimal("-1.5").ceiling() // -1`, "get$ceiling(x: decimal)": `parse_decimal("1.5").ceiling // 2`,
	"round(x: decimal)": `[parse_decimal("2.5").round(), parse_decimal("3.5").round()] // [2, 4]`, "get$round(x: decimal)": `parse_decimal("-2.51").round // -3`,
	"int(x: decimal)": `parse_decimal("-1.75").int() // -1`, "get$int(x: decimal)": `parse_decimal("1.75").int // 1`,
	"fraction(x: decimal)": `parse_decimal("-1.75").fraction() // -0.75`, "get$fraction(x: decimal)": `parse_decimal("1.50").fraction // 0.50`,

	"round(x: decimal, digits: int)":           `parse_decimal("1.125").round(2) // 1.12`,
	"round_up(x: decimal, digits: int)":        `parse_decimal("-1.121").round_up(2) // -1.13`,
	"round_down(x: decimal, digits: int)":      `parse_decimal("-1.129").round_down(2) // -1.12`,
	"round_half_up(x: decimal, digits: int)":   `parse_decimal("1.125").round_half_up(2) // 1.13`,
	"round_half_down(x: decimal, digits: int)": `parse_decimal("1.125").round_half_down(2) // 1.12`,

	"parse_decimal(text: string)":                      `parse_decimal("1.10") + parse_decimal("2.2e-1") // 1.32`,
	"to_decimal(x: int)":                               `7.to_decimal() / 2 // 3.5`,
	"to_decimal(x: float)":                             `(0.1 + 0.2).to_decimal() // 0.3`,
	"to_int(x: decimal)":                               `parse_decimal("-1.75").to_int() // -1`,
	"to_float(x: decimal)":                             `parse_decimal("1.50").to_float() // 1.5`,
	"range(from: decimal, to: decimal, step: decimal)": `let all = []; for x in range(0.to_decimal(), 1.to_decimal(), parse_decimal("0.4")) { all.push(x) } all // [0, 0.4, 0.8]`,
}

func init() {
	results := map[string][3]string{
		"+": {"1.75", "3.50", "2.25"}, "-": {"1.25", "-0.50", "1.75"}, "*": {"0.3750", "3.00", "0.50"}, "/": {"6", "0.75", "8"},
		"%": {"0.00", "1.50", "0.00"}, "**": {"1.1066819197003215924087902734", "2.2500", "1.1892071150027210667174999706"},
		"==": {"false", "false", "false"}, "!=": {"true", "true", "true"}, "<": {"false", "true", "false"},
		"<=": {"false", "true", "false"}, ">": {"true", "false", "true"}, ">=": {"true", "false", "true"},
		"min": {"0.25", "1.50", "0.25"}, "max": {"1.50", "2", "2"},
	}
	params := [3]string{"(x: decimal, y: decimal)", "(x: decimal, y: int)", "(x: int, y: decimal)"}
	left := [3]string{`parse_decimal("1.50")`, `parse_decimal("1.50")`, "2"}
	right := [3]string{`parse_decimal("0.25")`, "2", `parse_decimal("0.25")`}
	for name, want := range results {
		for i := range params {
			call := left[i] + " " + name + " " + right[i]
			if name == "min" || name == "max" {
				call = name + "(" + left[i] + ", " + right[i] + ")"
			}
			examples[name+params[i]] = call + " // " + want[i]
		}
	}
}
