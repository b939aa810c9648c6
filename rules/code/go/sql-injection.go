package shop

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
)

type store struct {
	db   *sql.DB
	pool *pgxpool.Pool
}

type filter struct {
	Name  string `json:"name"`
	Limit int    `json:"limit"`
}

var orderName = regexp.MustCompile(`^[a-z_]{1,30}$`)

var columns = map[string]string{"name": "p.name", "price": "p.price"}

func (s *store) findProduct(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: sql-injection
	rows, err := s.db.Query("SELECT id, price FROM product WHERE name = '" + name + "'")
	if err != nil {
		http.Error(w, "no", http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	// ok: sql-injection
	again, _ := s.db.Query("SELECT id, price FROM product WHERE name = ?", name)
	again.Close()
}

func (s *store) deleteProduct(w http.ResponseWriter, r *http.Request) {
	q := fmt.Sprintf("DELETE FROM product WHERE id = %s", r.URL.Query().Get("id"))
	// ruleid: sql-injection
	_, err := s.db.ExecContext(r.Context(), q)
	if err != nil {
		w.WriteHeader(500)
	}
	id, err := strconv.Atoi(r.URL.Query().Get("id"))
	if err != nil {
		w.WriteHeader(400)
		return
	}
	// ok: sql-injection
	s.db.ExecContext(r.Context(), fmt.Sprintf("DELETE FROM product WHERE id = %d", id))
}

func (s *store) search(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("SELECT * FROM product WHERE 1 = 1")
	if brand := r.PostFormValue("brand"); brand != "" {
		b.WriteString(" AND brand = '" + brand + "'")
	}
	// ruleid: sql-injection
	s.db.QueryRowContext(r.Context(), b.String())
}

func (s *store) searchJSON(w http.ResponseWriter, r *http.Request) {
	var f filter
	if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
		w.WriteHeader(400)
		return
	}
	// ruleid: sql-injection
	s.db.QueryContext(r.Context(), "SELECT * FROM product WHERE name LIKE '%"+f.Name+"%'")
	// ok: sql-injection
	s.db.QueryContext(r.Context(), "SELECT * FROM product WHERE name LIKE ?", "%"+f.Name+"%")
}

func (s *store) sorted(w http.ResponseWriter, r *http.Request) {
	column, known := columns[r.FormValue("sort")]
	if !known {
		column = "p.id"
	}
	// ok: sql-injection
	s.db.Query("SELECT p.id FROM product p ORDER BY " + column)
}

func (s *store) listed(w http.ResponseWriter, r *http.Request) {
	sort := r.FormValue("sort")
	if !slices.Contains([]string{"name", "price"}, sort) {
		http.Error(w, "unknown column", http.StatusBadRequest)
		return
	}
	// ok: sql-injection
	s.db.Query("SELECT id FROM product ORDER BY " + sort)
}

func (s *store) matched(w http.ResponseWriter, r *http.Request) {
	sort := r.FormValue("sort")
	if sort == "" || !orderName.MatchString(sort) {
		http.Error(w, "unknown column", http.StatusBadRequest)
		return
	}
	// ok: sql-injection
	s.db.Query("SELECT id FROM product ORDER BY " + sort)
}

func (s *store) pgProduct(w http.ResponseWriter, r *http.Request) {
	slug := chi.URLParam(r, "slug")
	// ruleid: sql-injection
	s.pool.QueryRow(r.Context(), "SELECT * FROM product WHERE slug = '"+slug+"'")
	// ok: sql-injection
	s.pool.QueryRow(r.Context(), "SELECT * FROM product WHERE slug = $1", slug)
}

func ginOrders(db *sqlx.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		status := c.Query("status")
		var out []string
		// ruleid: sql-injection
		db.Select(&out, "SELECT note FROM orders WHERE status = '"+status+"'")
		// ok: sql-injection
		db.Select(&out, "SELECT note FROM orders WHERE status = ?", status)
	}
}

func ginBody(db *sqlx.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		var f filter
		if c.ShouldBindJSON(&f) != nil {
			return
		}
		// ruleid: sql-injection
		db.MustExec("UPDATE product SET seen = 1 WHERE name = '" + f.Name + "'")
	}
}

func echoUser(db *sql.DB) echo.HandlerFunc {
	return func(c echo.Context) error {
		// ruleid: sql-injection
		row := db.QueryRow(`SELECT mail FROM account WHERE login = '` + c.Param("login") + `'`)
		var mail string
		// ok: sql-injection
		_ = db.QueryRow("SELECT mail FROM account WHERE login = 'root'")
		return row.Scan(&mail)
	}
}

func fiberUser(db *sql.DB) fiber.Handler {
	return func(c *fiber.Ctx) error {
		stmt := "SELECT mail FROM account WHERE team = '"
		stmt += c.Params("team")
		stmt += "'"
		// ruleid: sql-injection
		_, err := db.Query(stmt)
		return err
	}
}

func byName(db *sql.DB, name string) (*sql.Rows, error) {
	// deepruleid: sql-injection
	return db.Query("SELECT id FROM account WHERE name = '" + name + "'")
}

func handleByName(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := byName(db, r.FormValue("name"))
		if err == nil {
			rows.Close()
		}
	}
}

func byConstant(ctx context.Context, db *sql.DB, kind string) {
	// deepok: sql-injection
	db.QueryContext(ctx, "SELECT id FROM account WHERE kind = '"+kind+"'")
}

func housekeeping(ctx context.Context, db *sql.DB) {
	byConstant(ctx, db, "expired")
}
