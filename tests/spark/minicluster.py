"""A real YARN and a real HDFS in one JVM, as EMR has them: Hadoop 3.3.6 out of Maven Central. `python minicluster.py
FOLDER` writes FOLDER/conf for clients, prints READY, and runs until it is killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

JARS = Path.home() / ".cache" / "pomona-tests" / "hadoop-3.3.6"
HERE = Path(__file__).resolve().parent


def ensure_jars() -> Path:
    """The jars of pom.xml, fetched once."""
    stamp = JARS / "complete"
    if not stamp.exists():
        command = ["mvn", "-q", "-B", "-f", str(HERE / "minicluster.pom.xml"), "dependency:copy-dependencies"]
        subprocess.run([*command, f"-DoutputDirectory={JARS}"], check=True, timeout=1200)
        stamp.touch()
    return JARS


def client_configuration(folder: Path, values: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"<property><name>{k}</name><value>{v}</value></property>" for k, v in values.items()]
    text = "<configuration>\n" + "\n".join(lines) + "\n</configuration>\n"
    for name in ("core-site.xml", "yarn-site.xml"):
        (folder / name).write_text(text)


def main(folder: Path) -> None:
    from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

    jars = ensure_jars()
    py4j = next(Path(os.environ["SPARK_HOME"]).glob("jars/py4j-*.jar"))
    os.chdir(folder)
    port = launch_gateway(
        jarpath=str(py4j),
        classpath=f"{jars}/*",
        javaopts=["--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xmx600m", f"-Dtest.build.data={folder}"],
        die_on_exit=True,
        redirect_stdout=sys.stderr,
        redirect_stderr=sys.stderr,
    )
    jvm = JavaGateway(gateway_parameters=GatewayParameters(port=port)).jvm
    conf = jvm.org.apache.hadoop.yarn.conf.YarnConfiguration()
    for name, value in {
        "hadoop.tmp.dir": f"{folder}/tmp",
        "hdfs.minidfs.basedir": f"{folder}/dfs",
        "dfs.namenode.fs-limits.min-block-size": "1024",
        "yarn.minicluster.yarn.nodemanager.resource.memory-mb": "6144",
        "yarn.minicluster.fixed.ports": "false",
        "yarn.nodemanager.vmem-check-enabled": "false",
        "yarn.nodemanager.pmem-check-enabled": "false",
        "yarn.scheduler.minimum-allocation-mb": "64",
        "yarn.scheduler.capacity.root.queues": "default",
        "yarn.scheduler.capacity.root.default.capacity": "100",
        "yarn.scheduler.capacity.maximum-am-resource-percent": "1.0",
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage": "99.9",
    }.items():
        conf.set(name, value)
    dfs = jvm.org.apache.hadoop.hdfs.MiniDFSCluster.Builder(conf).numDataNodes(1).build()
    dfs.waitActive()
    conf.set("fs.defaultFS", dfs.getURI().toString())
    yarn = jvm.org.apache.hadoop.yarn.server.MiniYARNCluster("pomona", 1, 1, 1)
    yarn.init(conf)
    yarn.start()
    started = yarn.getConfig()
    names = ("yarn.resourcemanager.address", "yarn.resourcemanager.scheduler.address")
    values = {name: started.get(name) for name in names}
    client_configuration(
        folder / "conf", {"fs.defaultFS": dfs.getURI().toString(), "dfs.replication": "1", **values}
    )
    print("READY", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
