"""What runs wence elsewhere, against the code that it runs: Dockerfile, compose.yaml, and Kubernetes by its own schemas."""

import copy
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml

from service.api.app import create_app
from service.cli.arguments import parse
from service.cli.keeper import STOP_S
from service.settings import Settings

ROOT = Path(__file__).parent.parent
KUBERNETES = ROOT / "deploy" / "kubernetes"
FOLDERS = ("base", "collection")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE_TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)["services"]
OTHERS = tuple(name for name in SERVICES if name != "wence")
VERSIONS = ("1.31", "1.37")
OF_UVICORN = {"FORWARDED_ALLOW_IPS"}

Object = dict[str, Any]


def settings_named(names: set[str]) -> set[str]:
    """Those of these environment variables that are no setting."""
    return names - {f"WENCE_{field.upper()}" for field in Settings.model_fields}


# Kubernetes


def read(path: Path) -> list[Object]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def kustomization(folder: str) -> Object:
    (found,) = read(KUBERNETES / folder / "kustomization.yaml")
    return found


def merged(under: Any, over: Any) -> Any:
    """A strategic merge, as far as it is needed here: lists of things that have a name or a path go by that."""
    if isinstance(under, dict) and isinstance(over, dict):
        return under | {key: merged(under[key], value) if key in under else value for key, value in over.items()}
    if isinstance(under, list) and isinstance(over, list):
        key = "mountPath" if "mountPath" in over[0] else "name"
        rows = {row[key]: row for row in under}
        return list((rows | {row[key]: merged(rows.get(row[key]), row) for row in over}).values())
    return over


def objects(folder: str) -> dict[str, Object]:
    """What `kubectl apply -k` makes of a folder but for names of images, by kind and name."""
    found: dict[str, Object] = {}
    told = kustomization(folder)
    for resource in told["resources"]:
        path = KUBERNETES / folder / resource
        found |= (
            objects(path.name) if path.is_dir() else {f"{o['kind']}/{o['metadata']['name']}": o for o in read(path)}
        )
    for patch in told.get("patches", ()):
        for change in read(KUBERNETES / folder / patch["path"]):
            name = f"{change['kind']}/{change['metadata']['name']}"
            found[name] = merged(found[name], change)
    return found


def unordered(value: Any) -> Any:
    """The same with every list in one order."""
    if isinstance(value, dict):
        return {key: unordered(value[key]) for key in sorted(value)}
    return sorted(map(unordered, value), key=str) if isinstance(value, list) else value


def pods(folder: str) -> dict[str, Object]:
    """The templates of pods."""
    return {name: o["spec"]["template"] for name, o in objects(folder).items() if name.startswith(("Deploy", "Job"))}


def service_container(folder: str = "base") -> Object:
    (found,) = objects(folder)["Deployment/wence"]["spec"]["template"]["spec"]["containers"]
    return dict(found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_manifest_is_named(folder: str) -> None:
    told = kustomization(folder)
    named = {*told["resources"], *(patch["path"] for patch in told.get("patches", ()))} - {"../base"}
    assert named | {"kustomization.yaml"} == {path.name for path in (KUBERNETES / folder).iterdir()}
    (image,) = told["images"]
    assert (image["name"], image["newTag"]) == ("wence", PROJECT["version"])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_manifests_are_as_kubernetes_has_them(folder: str, version: str) -> None:
    found = objects(folder)
    assert len(found) == {"base": 7, "collection": 10}[folder]
    for manifest in found.values():
        assert kubernetes_validate.validate(manifest, version, strict=True) == version


@pytest.mark.parametrize("folder", FOLDERS)
def test_they_are_put_together_as_kustomize_does(folder: str) -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("needs kubectl")
    command = [kubectl, "kustomize", str(KUBERNETES / folder)]
    made = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (image,) = kustomization(folder)["images"]
    for manifest in yaml.safe_load_all(made.replace(f"{image['newName']}:{image['newTag']}", image["name"])):
        expected = copy.deepcopy(objects(folder)[f"{manifest['kind']}/{manifest['metadata']['name']}"])
        if manifest["kind"] != "Namespace":
            expected["metadata"]["namespace"] = "wence"
        assert unordered(manifest) == unordered(expected)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("spec", "template", "spec", "containers", 0, "ports", 0, "containerPort"), "8000"),
        (("spec", "template", "spec", "containers", 0, "readinesProbe"), {}),
        (("spec", "template", "spec", "securityContext", "runAsNonRoot"), "yes"),
        (("spec", "selector"), "wence"),
    ],
)
def test_what_kubernetes_does_not_know_is_refused(path: tuple[Any, ...], value: object) -> None:
    manifest = copy.deepcopy(objects("base")["Deployment/wence"])
    *way, last = path
    place = manifest
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest, VERSIONS[-1], strict=True)


@pytest.mark.parametrize("folder", FOLDERS)
def test_pods_are_restricted_and_run_as_the_images_user(folder: str) -> None:
    user, group = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)[-1]
    enforced = objects(folder)["Namespace/wence"]["metadata"]["labels"]
    assert enforced["pod-security.kubernetes.io/enforce"] == "restricted"
    for template in pods(folder).values():
        spec = template["spec"]
        about = spec["securityContext"]
        assert (about["runAsUser"], about["runAsGroup"], about["fsGroup"]) == (int(user), int(group), int(group))
        assert about["runAsNonRoot"] is True
        assert about["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert all({"emptyDir", "persistentVolumeClaim"} & set(volume) for volume in spec["volumes"])
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert set(container["resources"]) == {"requests", "limits"}
            assert {mount["name"] for mount in container["volumeMounts"]} == {row["name"] for row in spec["volumes"]}


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_written_is_on_a_volume(folder: str) -> None:
    container = service_container(folder)
    writable = [mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")]
    database = re.findall(r"WENCE_DATABASE=sqlite:///(\S+)", DOCKERFILE)[-1]
    assert str(Path(database).parent) in writable
    assert "/tmp" in writable
    snapshot = next((row["value"] for row in container["env"] if row["name"] == "WENCE_SNAPSHOT"), None)
    if folder == "collection":
        (job,) = pods(folder)["Job/wence-build"]["spec"]["containers"]
        assert snapshot == next(row["value"] for row in job["env"] if row["name"] == "WENCE_SNAPSHOT")
        mounts = [mount for made in (container, job) for mount in made["volumeMounts"] if mount["name"] == "snapshot"]
        assert [mount.get("readOnly", False) for mount in mounts] == [True, False]
        assert {mount["mountPath"] for mount in mounts} == {str(Path(snapshot).parent)}
        claims = {name for name in objects(folder) if name.startswith("PersistentVolumeClaim/")}
        used = {row["persistentVolumeClaim"]["claimName"] for pod in pods(folder).values()
                for row in pod["spec"]["volumes"] if "persistentVolumeClaim" in row}  # fmt: skip
        assert claims == {f"PersistentVolumeClaim/{name}" for name in used}
    else:
        assert snapshot is None, "the image's own"


def test_probes_ask_real_routes_of_the_port_that_is_served() -> None:
    container = service_container()
    (port,) = container["ports"]
    words = parse(container["args"])
    assert port["containerPort"] == words.port == int(re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[0])
    assert words.host == "0.0.0.0"
    paths = create_app(Settings(snapshot=ROOT / "nowhere")).openapi()["paths"]
    asked = {name: container[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    for probe in asked.values():
        assert probe["port"] == port["name"]
        assert "get" in paths[probe["path"]]
    assert asked["readinessProbe"]["path"] == "/readyz"
    assert asked["livenessProbe"]["path"] == "/healthz", "a service that waits for its database is not to be killed"
    (served,) = objects("base")["Service/wence"]["spec"]["ports"]
    assert served["targetPort"] == port["name"]
    (allowed,) = objects("base")["NetworkPolicy/wence"]["spec"]["ingress"]
    assert allowed["ports"] == [{"port": port["name"]}]


def test_settings_exist_and_fit_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    told = objects("base")["ConfigMap/wence"]["data"]
    container = service_container("collection")
    assert container["envFrom"] == [{"configMapRef": {"name": "wence"}}]
    given = {row["name"]: row for row in container["env"]}
    assert settings_named(set(told) | set(given)) == OF_UVICORN
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.keys == "on"
    assert settings.workers == int(container["resources"]["limits"]["cpu"])
    secrets = {name: row["valueFrom"]["secretKeyRef"] for name, row in given.items() if "valueFrom" in row}
    assert set(secrets) == {"WENCE_ADMIN_KEY", "WENCE_DATABASE"}, "no secret stands in a manifest"
    head = (KUBERNETES / "base" / "kustomization.yaml").read_text(encoding="utf-8")
    for secret in secrets.values():
        assert secret["name"] == "wence"
        assert f"--from-literal={secret['key']}=" in head


def test_stopping_has_the_time_that_it_takes() -> None:
    spec = objects("base")["Deployment/wence"]["spec"]["template"]["spec"]
    before = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    requests_s = 10  # the service's own limit, docs/http.md
    assert spec["terminationGracePeriodSeconds"] >= before + requests_s + STOP_S


def test_everything_selects_the_pods_of_the_service() -> None:
    found = objects("collection")
    labels = found["Deployment/wence"]["spec"]["template"]["metadata"]["labels"]
    job = found["Job/wence-build"]["spec"]["template"]["metadata"]["labels"]
    for name in ("Deployment/wence", "PodDisruptionBudget/wence"):
        assert found[name]["spec"]["selector"]["matchLabels"] == labels
    assert found["Service/wence"]["spec"]["selector"] == labels != job
    assert found["NetworkPolicy/wence"]["spec"]["podSelector"]["matchLabels"].items() <= labels.items() & job.items()
    scaled = found["HorizontalPodAutoscaler/wence"]["spec"]
    assert scaled["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wence"}
    assert "replicas" not in found["Deployment/wence"]["spec"], "they are the autoscaler's"
    assert scaled["minReplicas"] > found["PodDisruptionBudget/wence"]["spec"]["minAvailable"]


# compose.yaml and the Dockerfile


def filled(text: str, values: dict[str, str]) -> str:
    """As docker compose fills in what is `${NAME:-default}`."""
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: values.get(found[1], "") or found[2], text)


def environment(service: str, values: dict[str, str]) -> dict[str, str]:
    return {name: filled(value, values) for name, value in SERVICES[service]["environment"].items()}


def shown(profile: str) -> tuple[dict[str, str], list[str]]:
    """What the head of compose.yaml says for a profile: what to export, and the extras of the image."""
    head, _, _ = COMPOSE_TEXT.partition("\nservices:")
    part = next(piece for piece in re.split(r"\n# With ", head) if f"--profile {profile} " in piece)
    lines = [line.split("    #")[0] for line in part.splitlines() if line.startswith("#   export ")]
    told = dict(pair.split("=", 1) for line in lines for pair in line.removeprefix("#   export ").split())
    return told, re.findall(r"EXTRAS=(\w+) ", part)


def test_compose_names_settings_and_gives_defaults_that_work(monkeypatch: pytest.MonkeyPatch) -> None:
    named = environment("wence", {})
    assert settings_named(set(named)) == set()
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.composer, settings.generator, settings.milvus_url, settings.otel_endpoint) == (
        "extractive", "", "", "",
    )  # fmt: skip
    assert settings.keys == "off"
    assert SERVICES["wence"]["ports"] == ["127.0.0.1:8000:8000"]
    database = Path(settings.database.get_secret_value().removeprefix("sqlite:///"))
    mounted = {volume.split(":")[1] for volume in SERVICES["wence"]["volumes"]}
    assert {str(database.parent), "/srv/wence/snapshot"} == mounted, "the rest of the file system is read-only"


@pytest.mark.parametrize(
    ("profile", "setting", "port"),
    [("milvus", "milvus_url", 19530), ("postgres", "database", 5432), ("llm", "generator", 8080)],
)
def test_what_a_profile_is_told_to_export_leads_to_its_service(
    profile: str, setting: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, extras = shown(profile)
    named = environment("wence", told)
    assert {name for name in told if name.startswith("WENCE_")} <= set(named)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    address = getattr(Settings(), setting)
    found = urlsplit(address if isinstance(address, str) else address.get_secret_value())
    assert (found.hostname, found.port or 5432) == (profile, port)
    assert SERVICES[profile]["profiles"] == [profile]
    assert extras == ([] if profile == "llm" else [profile])
    assert set(extras) <= set(PROJECT["optional-dependencies"])


def test_the_parts_of_the_profiles_fit_each_other() -> None:
    told, _ = shown("postgres")
    database = urlsplit(told["WENCE_DATABASE"])
    own = environment("postgres", {})
    assert (database.username, database.password, database.path) == (
        own["POSTGRES_USER"], own["POSTGRES_PASSWORD"], f"/{own['POSTGRES_DB']}",
    )  # fmt: skip
    told, _ = shown("llm")
    command = [filled(word, told) for word in SERVICES["llm"]["command"]]
    words = dict(zip(command[::2], command[1::2], strict=True))
    assert words["--alias"] == told["WENCE_GENERATOR_MODEL"]
    assert words["--port"] == str(urlsplit(told["WENCE_GENERATOR"]).port)
    folder, inside, how = filled(SERVICES["llm"]["volumes"][0], told).split(":")
    assert (folder, words["--model"], how) == (told["LLM_FOLDER"], f"{inside}/{told['LLM_FILE']}", "ro")
    assert int(words["--ctx-size"]) // int(words["--parallel"]) >= (
        Settings.model_fields["generator_prompt_tokens"].default
        + Settings.model_fields["generator_answer_tokens"].default
    )


@pytest.mark.parametrize("name", OTHERS)
def test_other_services_wait_for_their_profile(name: str) -> None:
    service = SERVICES[name]
    assert len(service["profiles"]) == 1
    image, _, tag = service["image"].rpartition(":")
    assert image
    assert re.search(r"\d", tag), "an image of one version"
    assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert set(service.get("depends_on", ())) <= {other for other in SERVICES if other != name}


def test_volumes_are_declared_and_wence_is_confined() -> None:
    named = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    declared = set(yaml.safe_load(COMPOSE_TEXT)["volumes"])
    assert {name for name in named if not name.startswith("$")} == declared
    for name in ("wence", "llm"):
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


def test_the_image_is_built_from_what_is_let_in_and_answers_as_its_user() -> None:
    let_in = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    }
    assert copied == set(let_in)
    assert all((ROOT / name).exists() for name in copied)
    (listed,) = re.findall(r"by the names of pyproject.toml: ([a-z, ]+), separated by commas", DOCKERFILE)
    assert {"milvus", "otel", "postgres"} <= set(listed.split(", ")) <= set(PROJECT["optional-dependencies"])
    settings = set(re.findall(r"\b(WENCE_\w+)=", DOCKERFILE))
    assert settings_named(settings) == set()
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    words = re.findall(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)[-1]
    assert parse([word.strip(' "') for word in words.split(",")]).host == "0.0.0.0"
