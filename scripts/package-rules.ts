export interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
}

export interface Lock {
  packages: Record<
    string,
    { version?: string; dev?: boolean; integrity?: string; hasInstallScript?: boolean; link?: boolean }
  >;
}

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** What is wrong with what is installed: versions that are not exact or not those locked, and install scripts that nobody has named. */
export function packageIssues(manifest: Manifest, lock: Lock): string[] {
  const { dependencies = {}, devDependencies = {}, allowScripts = {} } = manifest;
  const wanted = Object.entries({ ...dependencies, ...devDependencies });
  const installed = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link);
  const isNamed = (name: string, version = '') =>
    name in allowScripts || `${name}@${version}` in allowScripts;
  const withScripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  const known = new Set(
    withScripts.flatMap(([path, { version }]) => [nameOf(path), `${nameOf(path)}@${version}`]),
  );
  const isAllowed = (name: string, version = '') => allowScripts[name] || allowScripts[`${name}@${version}`];

  return [
    ...wanted
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `package.json: ${name} ${version} is not an exact version`),
    ...wanted
      .filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)
      .map(([name, version]) => `package-lock.json: ${name} is not locked at ${version}`),
    ...installed
      .filter(([, { version, integrity }]) => !EXACT.test(version ?? '') || !integrity)
      .map(([path]) => `package-lock.json: ${path} has no version or no hash`),
    ...withScripts
      .filter(([path, { version }]) => !isNamed(nameOf(path), version))
      .map(
        ([path]) => `package.json: allowScripts does not name ${nameOf(path)}, which has an install script`,
      ),
    ...withScripts
      .filter(([path, { dev, version }]) => !dev && isAllowed(nameOf(path), version))
      .map(
        ([path]) => `package.json: ${nameOf(path)} is shipped, and what is shipped runs no install script`,
      ),
    ...Object.keys(allowScripts)
      .filter((name) => !known.has(name))
      .map(
        (name) => `package.json: allowScripts names ${name}, which is not installed or has no install script`,
      ),
  ];
}
