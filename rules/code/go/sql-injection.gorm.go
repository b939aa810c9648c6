package shop

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

type Account struct {
	ID   uint
	Name string
}

func accounts(db *gorm.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var found []Account
		name := r.URL.Query().Get("name")
		// ruleid: sql-injection-gorm
		db.Where("name = '" + name + "'").Find(&found)
		// ok: sql-injection-gorm
		db.Where("name = ?", name).Find(&found)
		// ok: sql-injection-gorm
		db.Where(&Account{Name: "admin"}).Find(&found)
	}
}

func ordered(db *gorm.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		var found []Account
		sort := c.DefaultQuery("sort", "id")
		// ruleid: sql-injection-gorm
		db.Order(sort + " desc").Find(&found)
		allowed := map[string]bool{"id": true, "name": true}
		if !allowed[sort] {
			sort = "id"
		}
		// ok: sql-injection-gorm
		db.Order(sort).Find(&found)
	}
}

func raw(db *gorm.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		var found []Account
		// ruleid: sql-injection-gorm
		db.Raw("SELECT * FROM accounts WHERE team = " + c.Param("team")).Scan(&found)
		// ok: sql-injection-gorm
		db.Raw("SELECT * FROM accounts WHERE team = ?", c.Param("team")).Scan(&found)
	}
}
