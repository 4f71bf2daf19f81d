// A login for a mini program as it is usually written by hand. The benchmarks compare its start and memory with those of
// mini-login. It uses net/http, a pool of connections to Redis, and one JSON string per session, and needs only the
// standard library. It gives none of the guarantees of mini-login: a code may be sent to WeChat twice, values in Redis
// are readable, nothing has a deadline, the sessions of a user are unknown, errors are bare status codes.
package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const lifetime = 7 * 24 * time.Hour

type session struct {
	OpenID     string `json:"openid"`
	UnionID    string `json:"unionid,omitempty"`
	SessionKey string `json:"session_key"`
	CreatedAt  int64  `json:"created_at"`
}

type service struct {
	appid, secret, wechat string
	redis                 *redis
}

func main() {
	s := &service{
		appid:  os.Getenv("WECHAT_APPID"),
		secret: os.Getenv("WECHAT_SECRET"),
		wechat: os.Getenv("WECHAT_BASE_URL"),
		redis:  newRedis(strings.TrimPrefix(os.Getenv("QUARKUS_REDIS_HOSTS"), "redis://")),
	}
	http.HandleFunc("/login", s.login)
	http.HandleFunc("/session", s.session)
	http.HandleFunc("/verify", s.verify)
	http.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	listener, err := net.Listen("tcp", os.Getenv("QUARKUS_HTTP_HOST")+":"+os.Getenv("QUARKUS_HTTP_PORT"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Listening on: http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

func (s *service) login(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Code string `json:"code"`
	}
	if r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	user, err := s.exchange(body.Code)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	token := base64.RawURLEncoding.EncodeToString(random)
	value, _ := json.Marshal(user)
	seconds := fmt.Sprint(int(lifetime.Seconds()))
	if _, err := s.redis.do("SET", "session:"+token, string(value), "EX", seconds); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	answer(w, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(lifetime.Seconds()), "openid": user.OpenID})
}

func (s *service) exchange(code string) (session, error) {
	query := url.Values{"appid": {s.appid}, "secret": {s.secret}, "js_code": {code}, "grant_type": {"authorization_code"}}
	reply, err := http.Get(s.wechat + "/sns/jscode2session?" + query.Encode())
	if err != nil {
		return session{}, err
	}
	defer reply.Body.Close()
	user := session{CreatedAt: time.Now().Unix()}
	err = json.NewDecoder(reply.Body).Decode(&user)
	if err == nil && user.OpenID == "" {
		err = errors.New("refused")
	}
	return user, err
}

func (s *service) session(w http.ResponseWriter, r *http.Request) {
	if found, ok := s.find(w, r); ok {
		answer(w, map[string]any{"openid": found.OpenID, "created_at": found.CreatedAt})
	}
}

func (s *service) verify(w http.ResponseWriter, r *http.Request) {
	if found, ok := s.find(w, r); ok {
		w.Header().Set("X-WX-OPENID", found.OpenID)
		w.Header().Set("X-WX-UNIONID", found.UnionID)
	}
}

func (s *service) find(w http.ResponseWriter, r *http.Request) (found session, ok bool) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	value, err := s.redis.do("GET", "session:"+token)
	switch {
	case errors.Is(err, errNil):
		w.WriteHeader(http.StatusUnauthorized)
	case err != nil, json.Unmarshal([]byte(value), &found) != nil:
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		ok = true
	}
	return found, ok
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}
