module mini-login-by-hand

go 1.19
