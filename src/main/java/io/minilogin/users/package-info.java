/** The endpoints below {@code /users/{appid}/{openid}}, with which backends manage a user. */
@NullMarked
package io.minilogin.users;

import org.jspecify.annotations.NullMarked;
