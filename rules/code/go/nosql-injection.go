package store

import (
	"context"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

func where(users *mongo.Collection) gin.HandlerFunc {
	return func(c *gin.Context) {
		name := c.Query("name")
		// ruleid: nosql-injection
		users.Find(c, bson.M{"$where": "this.name == '" + name + "'"})
		// ok: nosql-injection
		users.Find(c, bson.M{"name": name})
	}
}

func whole(users *mongo.Collection) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var filter bson.M
		// ruleid: nosql-injection
		if err := bson.UnmarshalExtJSON(body, false, &filter); err != nil {
			return
		}
		users.DeleteMany(r.Context(), filter)
	}
}

func preset(ctx context.Context, users *mongo.Collection) {
	var filter bson.M
	// ok: nosql-injection
	bson.UnmarshalExtJSON([]byte(`{"active": false}`), false, &filter)
	users.DeleteMany(ctx, filter)
}
