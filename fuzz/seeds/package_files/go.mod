module example.com/a

go 1.21.3
toolchain go1.22.1
require (
	b v1.0.0 // indirect
	"c" v2.0.0+incompatible
)
replace b => ../b
replace c v2.0.0+incompatible => d v1.1.0
exclude c v1.0.0
retract [v1.0.0, v1.2.0] // x
