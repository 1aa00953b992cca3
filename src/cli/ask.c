/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for a secret: on a terminal without echo, else a line of standard input. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/seat/pass.h"
#include "base/err.h"
#include "cli/desk.h"

#define LINE_BYTES 1024

/* Bytes up to the end of the line, which is not kept. -1: no line, or too long a one. */
static int read_line(char line[LINE_BYTES])
{
    int n = 0;
    int c = getc(stdin);
    if (c == EOF) {
        return -1;
    }
    for (; c != EOF && c != '\n'; c = getc(stdin)) {
        if (n == LINE_BYTES) {
            return -1;
        }
        line[n++] = (char)c;
    }
    return n > 0 && line[n - 1] == '\r' ? n - 1 : n;
}

/* The terminal gets its echo back before a signal ends the program. */
static int read_hidden(const char *prompt, char line[LINE_BYTES])
{
    struct termios shown;
    sigset_t held;
    sigset_t old;
    (void)fputs(prompt, stderr);
    if (tcgetattr(STDIN_FILENO, &shown) != 0) {
        return read_line(line);
    }
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigaddset(&held, SIGTSTP);
    (void)pthread_sigmask(SIG_BLOCK, &held, &old);
    struct termios hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    int n = read_line(line);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    (void)fputs("\n", stderr);
    return n;
}

enum rc ask_secret(struct arena *a, const char *prompt, struct str *out, struct err *e)
{
    char line[LINE_BYTES];
    int n = isatty(STDIN_FILENO) ? read_hidden(prompt, line) : read_line(line);
    if (n < 0) {
        *out = STR("");
        return err_set(e, RC_INPUT, "a line is missing on standard input: %s",
                       "标准输入缺少一行：%s", prompt);
    }
    *out = str_dup(a, str_make(line, (size_t)n));
    seat_wipe(str_make(line, (size_t)n));
    return RC_OK;
}
