# A base for the services' images with Java and the C libraries that it and PyTorch need, and no shell or other program: what a distroless image
# is, made of an image that has both. Tests run the services on it.
ARG JAVA_IMAGE=eclipse-temurin:17-jre
FROM ${JAVA_IMAGE} AS java
RUN set -e; mkdir -p /base/opt/java /base/etc /base/tmp; chmod 1777 /base/tmp \
 && cd "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")" \
 && find -L bin/java lib conf release -type f ! -name '*.zip' -exec cp -L --parents -t /base/opt/java {} + \
 && { find /base/opt/java -name '*.so' -o -name java -type f | xargs ldd 2>/dev/null | grep -oE '/[^ :)]*\.so[^ :)]*'; \
      ldconfig -p | grep -E 'lib(stdc\+\+|gcc_s|gomp|m|dl|rt|pthread|z)\.so\.[0-9]+ .*x86-64' | grep -oE '/[^ ]*$'; } \
    | grep -v '^/base' | sort -u | while read -r library; do cp -L --parents "$library" /base; done \
 && echo 'service:x:65532:65532::/nonexistent:/nonexistent' >/base/etc/passwd

FROM scratch
COPY --from=java /base /
ENV JAVA_HOME=/opt/java PATH=/opt/java/bin
