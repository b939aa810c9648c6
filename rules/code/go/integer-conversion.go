package convert

import (
	"errors"
	"math"
	"strconv"
)

func port(s string) (uint16, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, err
	}
	// ruleid: integer-conversion
	return uint16(n), nil
}

func size(s string) int32 {
	n, _ := strconv.ParseInt(s, 10, 64)
	// ruleid: integer-conversion
	return int32(n)
}

func narrow(s string) int32 {
	n, _ := strconv.ParseInt(s, 10, 32)
	// ok: integer-conversion
	return int32(n)
}

func bounded(s string) (uint16, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > math.MaxUint16 {
		return 0, errors.New("out of range")
	}
	// ok: integer-conversion
	return uint16(n), nil
}

func wide(s string) int64 {
	n, _ := strconv.Atoi(s)
	// ok: integer-conversion
	return int64(n)
}
