package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

var errNil = errors.New("nil")

// redis is a client with a pool of connections, each used by one command at a time.
type redis struct {
	address string
	idle    chan *connection
}

type connection struct {
	net.Conn
	reader *bufio.Reader
}

func newRedis(address string) *redis {
	return &redis{address: address, idle: make(chan *connection, 16)}
}

// do sends a command. A nil reply is errNil.
func (r *redis) do(command ...string) (string, error) {
	c, err := r.take()
	if err != nil {
		return "", err
	}
	reply, err := c.do(command)
	if err != nil && !errors.Is(err, errNil) {
		c.Close()
		return "", err
	}
	select {
	case r.idle <- c:
	default:
		c.Close()
	}
	return reply, err
}

func (r *redis) take() (*connection, error) {
	select {
	case c := <-r.idle:
		return c, nil
	default:
		c, err := net.Dial("tcp", r.address)
		if err != nil {
			return nil, err
		}
		return &connection{c, bufio.NewReader(c)}, nil
	}
}

func (c *connection) do(command []string) (string, error) {
	request := fmt.Appendf(nil, "*%d\r\n", len(command))
	for _, word := range command {
		request = fmt.Appendf(request, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := c.Write(request); err != nil {
		return "", err
	}
	line, err := c.reader.ReadString('\n')
	if err != nil || len(line) < 3 {
		return "", io.ErrUnexpectedEOF
	}
	kind, rest := line[0], line[1:len(line)-2]
	switch kind {
	case '+', ':':
		return rest, nil
	case '$':
		length, err := strconv.Atoi(rest)
		if err != nil {
			return "", err
		}
		if length < 0 {
			return "", errNil
		}
		value := make([]byte, length+2)
		if _, err := io.ReadFull(c.reader, value); err != nil {
			return "", err
		}
		return string(value[:length]), nil
	default:
		return "", errors.New(rest)
	}
}
