# 问策 · wence with its models, its sample collection and a snapshot of it: it answers as soon as it runs, without a network.
#   docker build -t wence --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cpu .
#   docker run --rm -p 127.0.0.1:8000:8000 -e WENCE_KEYS=off wence
#   docker run --rm wence ask 温州“数据得地”供了多少亩地？

FROM python:3.11-slim AS build
# Another index to take torch from. The one of PyPI brings 4 GB of CUDA with it; the address above has it for CPUs alone.
ARG TORCH_INDEX=""
# What is needed besides, by the names of pyproject.toml: milvus, onnx, openvino, otel, postgres, separated by commas.
ARG EXTRAS=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /opt/wence
ENV PATH=/opt/wence/bin:$PATH

# What the project needs, before its code, so that a change of code installs nothing anew. Then off with what is only for
# compiling against it or testing it. Bytecode is kept of what gets imported, not of all (which is 200 MB, most of it torch's).
COPY pyproject.toml constraints.txt ./
RUN touch README.md \
    && pip install --no-compile ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -c constraints.txt ".${EXTRAS:+[$EXTRAS]}" \
    && packages="$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    && rm -rf "$packages"/torch/include "$packages"/torch/share "$packages"/torch/test \
    && find "$packages"/torch/bin -mindepth 1 ! -name torch_shm_manager -delete \
    && find "$packages"/scipy "$packages"/sklearn "$packages"/sympy "$packages"/networkx \
        -type d -name tests -prune -exec rm -rf {} + \
    && python -c 'import sentence_transformers'

COPY README.md ./
COPY embeddings embeddings
COPY index index
COPY service service
COPY eval eval
COPY models models
COPY corpus corpus
WORKDIR /srv/wence
RUN pip install --no-compile --no-deps --force-reinstall /build \
    && mv /build/corpus corpus \
    && wence build corpus --snapshot snapshot \
    && python -c 'import service.api.app' \
    && pip uninstall --yes pip \
    && chmod -R a+rX /opt/wence /srv/wence


FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin wence \
    && install -d -o 10001 -g 10001 /srv/wence/records
COPY --from=build /opt/wence /opt/wence
COPY --from=build /srv/wence/corpus /srv/wence/corpus
COPY --from=build --chown=10001:10001 /srv/wence/snapshot /srv/wence/snapshot
ENV PATH=/opt/wence/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WENCE_SNAPSHOT=/srv/wence/snapshot \
    WENCE_DATABASE=sqlite:////srv/wence/records/records.sqlite
WORKDIR /srv/wence
# The image answers, or it is not built; and the bytecode of the standard library, which the base image lacks, stays.
RUN wence ask 浙江在推进哪些改革？ && python -c 'import service.api.app'
USER 10001:10001
ENV PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ.get(\"WENCE_PORT\") or 8000}/readyz', timeout=4)"]
ENTRYPOINT ["wence"]
CMD ["serve", "--host", "0.0.0.0"]
